declare module 'virtual:icons' {
  const nodes: Record<string, [tag: string, attributes: Record<string, string>][]>;
  export default nodes;
}

declare module '*.css?inline' {
  const css: string;
  export default css;
}
