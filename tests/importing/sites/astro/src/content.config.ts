import { defineCollection, z } from "astro:content";
import { glob } from "astro/loaders";

export const BLOG_PATH = "src/data/blog";

const articles = defineCollection({
  loader: glob({ pattern: "**/[^_]*.{md,mdx}", base: `./${BLOG_PATH}` }),
  schema: z.object({ title: z.string(), pubDatetime: z.date() }),
});

const authors = defineCollection({ type: "content" });

export const collections = { blog: articles, authors };
