"""The project that an owner opens in the platform's tool: what is done with it there, step by step.

https://developers.weixin.qq.com/miniprogram/dev/framework/quickstart/getstart.html
"""

from runtime.channels import Kit, Note
from runtime.lang import Text

STEPS = (
    Note(
        Text("导入", "Import it"),
        Text(
            "解压。微信开发者工具 →「导入项目」，选这个文件夹，直接能运行。",
            "Unpack it; WeChat's developer tool → import, choose the folder, and it runs.",
        ),
    ),
    Note(
        Text("填服务器域名", "Enter the server domains"),
        Text(
            "小程序后台 →「开发管理 → 服务器域名」：request、uploadFile、downloadFile 填公网域名，"
            "https:// 开头；socket 填同一个域名，wss:// 开头。每一项在下面，点一下就复制。"
            "要备案，不能是 IP。没填之前，在开发者工具「详情 → 本地设置」勾「不校验合法域名」先试。",
            "The console → server domains: request, uploadFile and downloadFile are the public domain with "
            "https://, socket the same with wss://; each stands below, to be copied. It has to be registered "
            "(ICP) and is no IP. Until then, "
            "switch off the check of domains in the tool's local settings.",
        ),
    ),
    Note(
        Text("声明隐私", "Declare privacy"),
        Text(
            "「设置 → 服务内容声明 → 用户隐私保护指引」：摄像头、相册、麦克风、选中的文件、剪贴板。"
            "没声明的接口在手机上用不了。",
            "The console → privacy policy: camera, album, microphone, chosen files, clipboard. What is not "
            "declared does not work on phones.",
        ),
    ),
    Note(
        Text("选类目", "Choose the category"),
        Text(
            "「深度合成 → AI 问答」，只给企业主体；要算法备案，或使用已备案模型的合同。",
            "深度合成 → AI问答, for companies only, with an algorithm's filing, or a contract about a model "
            "that is filed.",
        ),
    ),
    Note(
        Text("预览、上传、提交审核", "Preview, upload, submit"),
        Text(
            "开发者工具里「预览」用手机扫码试，再「上传」，到后台「版本管理」提交审核。"
            "名字、颜色、开场白以后改了不用重新上传。",
            "Preview it on a phone, upload it, and submit it for review in the console. A name, a colour or "
            "an opening that changes later needs no other upload.",
        ),
    ),
)
KIT = Kit(
    "miniprogram",
    Text("小程序工程", "The Mini Program's project"),
    Text(
        "一个完整的小程序，地址、名字、颜色和 AppID 都填好了，不用安装依赖，不用编译。",
        "A whole Mini Program with address, name, colour and AppID filled in: nothing to install or build.",
    ),
    STEPS,
)
