import { defineConfig } from 'astro/config';

export default defineConfig({
	site: 'https://as.example.org',
});
