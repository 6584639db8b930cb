import { defineConfig } from "astro/config";
import { SITE } from "./src/config";

export default defineConfig({
  site: SITE.website,
  base: "/blog",
  i18n: { defaultLocale: "en", locales: ["en", "fr"] },
});
