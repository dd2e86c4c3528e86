/** What a new hostfile starts with: valid for every launcher that takes comments, and each line to be replaced. */
export const newHostfile = `# One host on each line, and how many processes it may run (usually its GPUs).
node1 slots=4
node2 slots=4
`;
