import starlight from "@astrojs/starlight";

export default defineConfig({
  site: "https://program.example.org",
  integrations: [starlight({ title: "The program" })],
});
