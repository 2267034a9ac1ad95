// Words come as text; the bundler reads the file.
declare module "*.ftl" {
  const text: string;
  export default text;
}
declare module "*.css";
