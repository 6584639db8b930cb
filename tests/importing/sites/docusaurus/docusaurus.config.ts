export default {
  title: 'Old',
  url: 'https://old.example', // where it stands
  baseUrl: '/',
  i18n: {defaultLocale: 'en', locales: ['en', 'fr']},
  presets: [['classic', {docs: {routeBasePath: 'docs'}, blog: {showReadingTime: true}}]],
};
