"""Letters that people write in several ways, and marks that nobody sees. For comparison only, never for what is shown.

A name is registered as 髙島屋 or 渡邉, and no keyboard of a phone has those letters first: who types 高島屋 or 渡辺
means the same. Old forms (旧字体) and other forms (異体字) of one 漢字 count as the form that people type.
"""

import re

# Each word: the letter that people type, then its other forms.
FORMS = """
    万萬 与與 両兩 並竝 乗乘 乱亂 亀龜 予豫 争爭 亜亞 仏佛 仮假 会會 伝傳 体體躰軆 余餘 価價 修脩
    倹儉 偽僞 兎莵兔 児兒 党黨 内內 円圓 冊册 写寫 冴冱 凛凜 処處 刈苅 別别 券劵 剣劍 剤劑 剥剝 剰剩
    励勵 労勞 効效 勅敕 勧勸 勲勳勛 区區 医醫 単單 厩廏廐 厳嚴 参參 双雙 収收 叙敍 台臺 号號 吉𠮷
    呉吳 呑吞 啓啟 営營 嘘噓 嘱囑 噛嚙 嚢囊 団團 囲圍 図圖 国國 圏圈 園薗 圧壓 堕墮 塁壘 塩鹽 填塡
    増增 壊壞 壌壤 壮壯 声聲 壱壹 売賣 変變 多夛 奥奧 奨奬 妍姸 娯娛 嬢孃 学學 宜冝 宝寶寳 実實 富冨
    寛寬 寝寢 対對 寿壽 専專 将將 尚尙 尭堯 尽盡 届屆 屏屛 屓屭 属屬 岡崗 岳嶽 岸㟁 峡峽 峰峯 島嶋嶌
    崎﨑嵜㟢碕 巌巖 巣巢 巻卷 帯帶 帰歸 年秊 并幷 庁廳 広廣 庵葊菴 廃廢 弁辨瓣辯 弐貳 弥彌 強强 弾彈
    当當 径徑 従從 徳德 徴徵 応應 恋戀 恒恆 恥耻 恵惠 悦悅 悩惱 悪惡 惨慘 慎愼 懐懷 戦戰 戯戲 戸戶
    戻戾 払拂 抜拔 択擇 担擔 拝拜 拠據 拡擴 挙擧 挟挾 挿插揷 捜搜 掲揭 掴摑 揺搖 摂攝 撃擊 攅攢 教敎
    数數 斉齋齊斎 断斷 既旣 旧舊 昂昻 昇曻 昼晝 晋晉 晩晚 暁曉 暦曆 曽曾 村邨 条條 来來 松枩柗 枢樞
    柳栁桺 柿枾杮 栃杤 栄榮 桑桒 桜櫻 桟棧 桧檜 検檢 楼樓 楽樂 概槪 様樣 槙槇 権權 横橫 橋槗𣘺 檪櫟
    欠缺 欧歐 歓歡 歩步 歯齒 歴歷 残殘 殴毆 殻殼 毎每 気氣气 没沒 沢澤 浄淨 浅淺 浜濱濵 涙淚泪 涼凉
    淵渕渊 清淸 渇渴 済濟 渋澁 渓溪 温溫 湾灣 湿濕 満滿 滝瀧 滞滯 漑溉 潜潛 濾沪 瀬瀨 灯燈 炉爐 点點
    為爲 焔焰 焼燒 熙煕凞 牆墻 犠犧 状狀 独獨 狭狹 猟獵 献獻 獣獸 瑶瑤 瓶甁 産產 画畫 略畧 畳疊 痩瘦
    痴癡 発發 皋皐 皓晧 盗盜 県縣 真眞 砕碎 磯礒 礼禮 祢禰 禄祿 禅禪 秘祕 称稱 税稅 稲稻 穀糓 穂穗
    穏穩 穣穰 窃竊 竃竈 竜龍 箪簞 粋粹 粛肅 糸絲 経經 絵繪 絶絕 継繼 続續 綿緜 総總 緑綠 緒緖 縁緣
    縄繩 縦縱 繊纖 繋繫 缶罐 罰罸 群羣 翻飜 耕畊 聡聰 聴聽 胆膽 脱脫 脳腦 臓臟 臘臈 舎舍 舗舖 船舩
    艶艷 芦蘆 芸藝 茎莖 草艸 荘莊 蒋蔣 蔵藏 薫薰 薬藥 薮藪 藤籐 虚虛 虫蟲 蚕蠶 蛍螢 蛮蠻 蝉蟬 蝋蠟
    蠣蛎 衆眾 衛衞 装裝 裴裵 褒襃 覇霸 覚覺 覧覽 観觀 触觸 訥吶 訳譯 証證 誉譽 説說 読讀 諌諫 謡謠
    譲讓 讃讚 豊豐 貌皃 賛贊 賢贒 践踐 転轉 軽輕 輝煇 辞辭 辺邊邉 辻迠 逓遞 遅遲 遥遙 郎郞 郷鄕鄉
    酔醉 醤醬 醸釀 釈釋 鉄鐵 鉤鈎 鉱鑛 銭錢 鋭銳 鋳鑄 錬鍊 録錄 鎌鐮 鎮鎭 鑑鑒 間閒 関關 閲閱 闘鬪
    陥陷 険險 随隨 隠隱 隣鄰 隷隸 雁鴈 雑雜 霊靈 青靑 静靜 韮韭 頬頰 頴穎 頼賴 顔顏 顕顯 顛顚 飲飮
    餅餠 館舘 駅驛 駆驅 騒騷 験驗 騨驒 髄髓 高髙 髪髮 鯵鰺 鴎鷗 鶏鷄 鹸鹼 麦麥 麹麴 麺麵 麻蔴 黄黃
    黒黑 黙默 鼠鼡 齢齡
"""
TO_TYPED = {ord(other): forms[0] for forms in FORMS.split() for other in forms[1:]}

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties): selectors of a variant, joiners, soft hyphens, marks
# of direction, fillers. They change how a text looks, or nothing, and nobody types them.
INVISIBLE_LETTERS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
INVISIBLE = re.compile(f"[{INVISIBLE_LETTERS}]")

# Legal forms in one letter or in brackets: ㈱ and (株) count as 株式会社.
LEGAL_FORMS = {"(株)": "株式会社", "(有)": "有限会社", "(社)": "社団法人", "(財)": "財団法人"}
