export default {
  layout: "talk",
  permalink: ({ page }) => `/talk/${ page.fileSlug }/`,
};
