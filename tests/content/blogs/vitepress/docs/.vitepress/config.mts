import { defineConfig } from 'vitepress'

export default defineConfig({
  title: 'Workshop',
  description: 'Tools and how they are kept',
  lang: 'de-DE',
})
