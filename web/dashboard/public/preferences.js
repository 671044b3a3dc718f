// Runs before the first paint, so that a chosen theme or language does not flash in late.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem('cc-theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    var language = localStorage.getItem('cc-language') || (/^ar\b/.test(navigator.language) ? 'ar' : 'en');
    root.lang = language === 'ar' ? 'ar' : 'en';
    root.dir = language === 'ar' ? 'rtl' : 'ltr';
  } catch (error) {
    // Storage may be forbidden; the defaults of the page stand.
  }
})();
