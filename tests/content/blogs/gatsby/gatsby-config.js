module.exports = {
  siteMetadata: {
    title: `Greenhouse`,
    author: `Flora`,
    description: 'What grows',
    siteUrl: `https://green.example.org`,
  },
  plugins: [`gatsby-plugin-image`],
}
