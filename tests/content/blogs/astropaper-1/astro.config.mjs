export default defineConfig({ site: SITE.website });
