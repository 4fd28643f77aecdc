export default {
  title: "Leven",
  url: "https://eleven.example.org/",
  language: "en",
  author: { name: "Elf" },
};
