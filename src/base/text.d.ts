/** Remote scripts are bundled as text: what is tested under several shells is what is sent. */
declare module '*.sh' {
  const text: string;
  export default text;
}
