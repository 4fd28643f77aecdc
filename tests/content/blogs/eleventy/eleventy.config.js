// a comment: input: "nowhere"
export default function (config) {
  return { dir: { input: "src" } };
}
