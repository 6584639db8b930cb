export const SITE = {
  website: "https://astro.example/", // the deployed domain
  author: "Ada Example",
};
