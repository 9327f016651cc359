module.exports = {
  "server": "https://example.com",
  "publication": "",
  "name": "",
  "color": "",
  "template": "",
};
