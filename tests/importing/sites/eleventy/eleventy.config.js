export default function (config) {
  config.addPassthroughCopy({ "public": "/" });
  config.addPassthroughCopy("src/img");
  return { dir: { input: "src" }, markdownTemplateEngine: "njk" };
}
