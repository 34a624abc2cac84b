// The theme of the preferences on the admin's pages, before anything is painted. Without JavaScript: as the device.
{ const theme = document.querySelector('meta[name="portal-theme"]').content; if (theme) document.documentElement.dataset.theme = theme; }
