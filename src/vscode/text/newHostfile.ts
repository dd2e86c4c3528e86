/** What a new hostfile starts with: valid for every launcher, and each line to be replaced. */
export const newHostfile = `node1 slots=4
node2 slots=4
`;
