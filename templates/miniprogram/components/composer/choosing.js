// Pictures, videos and files of the phone. WeChat asks for the privacy policy itself, before the first.

const { MOST_FILES } = require("../../lib/client.js");

module.exports = /** @type {any} */ ({
  onAttach() {
    const { t, takes } = this.data;
    const ways = [];
    if (takes.image > 0 || takes.video > 0) ways.push([t.photo, () => this.choosePictures()]);
    if (takes.file > 0) ways.push([t.file, () => this.chooseFiles()]);
    if (ways.length === 1) return ways[0][1]();
    wx.showActionSheet({ itemList: ways.map(([name]) => name), success: ({ tapIndex }) => ways[tapIndex][1]() });
  },

  choosePictures() {
    const { takes, files } = this.data;
    wx.chooseMedia({
      count: MOST_FILES - files.length,
      mediaType: /** @type {("image" | "video")[]} */ (["image", "video"].filter((kind) => takes[kind] > 0)),
      sizeType: ["compressed"],
      success: ({ tempFiles }) =>
        tempFiles.forEach(({ tempFilePath, size, fileType }) => {
          const kind = fileType === "video" ? "video" : "image";
          this.add({ path: tempFilePath, name: nameOf(tempFilePath), size, kind });
        }),
    });
  },

  chooseFiles() {
    wx.chooseMessageFile({
      count: MOST_FILES - this.data.files.length,
      type: "file",
      success: ({ tempFiles }) =>
        tempFiles.forEach(({ path, name, size }) => this.add({ path, name: name || nameOf(path), size, kind: "file" })),
    });
  },
});

const nameOf = (path) => path.split("/").pop() || "file";
