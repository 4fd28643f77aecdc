module.exports = function (config) {
  config.addPassthroughCopy({ "assets/img": "img" });
};
