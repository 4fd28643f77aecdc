export const SITE_TITLE = 'Astro Log';
export const SITE_DESCRIPTION = 'About stars';
