export const SITE = {
  website: "https://paper.example.org/", // replace this
  author: "Sat",
  desc: "A paper.",
  title: "Paper",
  postPerPage: 4,
  timezone: "Asia/Bangkok", // Default global timezone (IANA format)
  lang: "en",
} as const;
