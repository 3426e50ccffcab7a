# 见证：谁签、签到哪里、还差谁
fee-tab-trail-witnesses = 见证
field-witness = 见证人
field-line = 签好的一行
witness-title = 见证
witness-verdict-witnessed = 见证到 { $size } 条
witness-verdict-nobody = 还没人见证
witness-verdict-none = 还没定由谁见证
witness-what-none = 册子照记，但改没改过只有物业自己说了算。请管理员按下面的办法定下来。
witness-what-nobody = 够数的人还没签同一个检查点，现在不能说“已见证”。
witness-what-witnessed = 这以前写下的，谁也改不了、抽不走，物业也不行。
witness-tail = 后面 { $n } 条还没人见证，最早的等了 { $span }。
witness-tail-all = { $n } 条都还没人见证，最早的等了 { $span }。
witness-tail-none = 全部见证过了。
witness-tail-old = 等得太久了，超过 { $minutes } 分钟。
witness-broken = 见证办法的文件用不了：{ $why }
witness-source-FILE = 办法写在服务器上的文件里，这里只能看。
witness-source-ACT = 办法是管理员在这里定的。
witness-lanes = 见证人，各签到哪里
witness-who = 谁
witness-how = 怎么签
witness-signed-to = 签到
witness-signed-at = 几时签的
witness-state = 情况
witness-by-hand = 自己手签
witness-by-itself = 自动
witness-never = 还没签过
witness-entries = { $n } 条
witnesswent-COSIGNED = 签了
witnesswent-AWAY = 连不上，会再试
witnesswent-PRIVATE = 地址在内网，设置里不许连
witnesswent-UNKNOWN_LOG = 它不认识这本册子，请它那边登记
witnesswent-UNKNOWN_KEY = 它不认我们现在的钥匙，请它那边登记新钥匙
witnesswent-MISREAD = 它的回答看不懂
witnesswent-WRONG_KEY = 回来的签名不是办法里那把钥匙签的
witnesswent-AHEAD = 它签过的条数比册子还多：册子短了，或者换过
witnesswent-REFUSED = 它不肯签：它签过的和册子现在的对不上
witness-failing-since = 从 { $since } 起
witness-give = 给他签
witness-give-what = 用手机扫这个码，或者把文件带过去。签名页断网也能用，钥匙只在他自己手机上。
witness-give-signed = 这个检查点他已经签了。
witness-give-file = 要签的文件
witness-give-code = 扫码签名
witness-give-code-none = 没设公开地址，手机打不开，所以没有码。请用文件。
witness-page = 签名页
witness-take = 交回签好的一行
witness-take-what = 签名页最后给出一行，以一横开头。整行贴到这里；签好的整个文件也行。
witness-take-field = 签好的一行
witness-take-do = 收下
witness-done-take = 收下了：{ $who } 签到 { $size } 条
witness-done-policy = 见证办法定好了
witness-done-withdraw = 见证办法撤掉了
witness-policy = 由谁见证
witness-policy-now = 现在的办法
witness-policy-usual = 按常用办法定
witness-policy-usual-what = 居委会委员三人里签两人，再加街道、市平台里一家，才算见证。公钥请本人当面或电话报给您，一个字一个字对。
witness-policy-member = 委员 { $n } 的公钥
witness-policy-government = { $n ->
    [1] 街道的公钥
   *[other] 市平台的公钥
}
witness-policy-url = { $n ->
    [1] 街道见证服务的地址
   *[other] 市平台见证服务的地址
}
witness-policy-url-how = 没有就空着，那就手签
witness-policy-text = 整份办法
witness-policy-text-what = 按 C2SP tlog-policy 的格式写。空着交上来就是撤掉。
witness-policy-do = 定下来
witness-log-key = 这本册子的名字和公钥
witness-log-key-what = 抄给每位见证人。他们认准这一行，别的册子冒充不了。
witness-evidence = 对不上的
witness-evidence-what = 每份里有两张册子签过字的检查点，两张放在一起就是证据。请带给居委会和街道。
witness-evidence-file = 证据 { $number }
witness-evidence-line = { $at }，{ $who }
refused-no_witness_policy = 还没定由谁见证，签名没处收。先请管理员定下见证办法
refused-cosignature_older = { $known } 条他都签过了，这是签在 { $size } 条上的旧签名，收了也没用
refused-cosignature_missing = 请贴上签好的一行
refused-cosignature_none = 这里面没有签名。签好的那一行以一横开头，请回签名页整行复制
refused-cosignature_question = 这是拿去签的，还没签。请在签名页打开它，签好以后把那一行贴回来
refused-cosignature_link = 这是一个网址，不是签名。请在手机上打开它，签好以后把那一行贴回来
refused-cosignature_receipt = 这是回执，不是见证签名
refused-cosignature_key = 这是公钥，不是签名。公钥要写进见证办法里
refused-cosignature_long = 太长了，最多 { $most } 个字。只要签名那一行
refused-cosignature_damaged = 这一行抄坏了或者没复制全，请回签名页整行复制
refused-cosignature_of_log = 这是册子自己的签名，不是见证人的。见证人的那一行在最后
refused-cosignature_stranger = 办法里没有叫 { $name } 的见证人，他的签名不算数。要算就先写进见证办法
refused-cosignature_other_key = { $name } 签名用的不是办法里那把钥匙：换过手机或钥匙，就要先改见证办法
refused-cosignature_other_log = 这签的是另一本册子 { $name }，和这里无关
refused-cosignature_fits_none = 这一行和册子的检查点都对不上：抄漏了，或者签的是别的册子。请重新打开要签的文件再签一次
refused-cosignature_other_history = 他签的 { $size } 条和册子现在的不一样，可册子自己两张都签了。这是大事，证据已经存下，请马上告诉居委会和街道
refused-policy_malformed = { $line ->
    [0] 这份办法不能用：
   *[other] 第 { $line } 行不能用：
}{ $why ->
    [no_quorum] 没写 quorum，不知道要谁签才算数
    [two_quorums] quorum 只能有一行
    [bad_policy_line] 看不懂这一行
    [unknown_name] 用了前面没定义的名字
    [empty_group] 组里没有人
    [counted_twice] 一个人不能进两个组
    [bad_threshold] 要的人数比组里的人还多
    [name_twice] 名字重了
    [key_twice] 同一把公钥写了两次
    [wrong_kind] 公钥的种类不对：册子的写成了见证人的，或者反过来
    [key_id_differs] 公钥抄错了，号码和钥匙对不上
    [too_long] 太长
    [control_character] 有看不见的字符
   *[other] 公钥抄坏了，请对方再报一遍
}
refused-policy_other_log = 办法里没有这本册子自己的公钥，照它验不了这里的检查点
refused-policy_own_key = 册子自己的钥匙不能当见证人
refused-policy_too_many = 见证人最多 { $most } 位
refused-policy_no_members = 至少要一位委员的公钥
refused-policy_no_government = 至少要街道或市平台一家的公钥

# 签名页：委员自己的手机，断网也能用
trailsign-title = 见证签名
trailsign-lead = 这一页在您自己的手机上核对、签名，不往外发任何东西，断网也能用。
trailsign-h-key = 一、我的钥匙
trailsign-key-what = 头一次用，先做一把钥匙。钥匙只留在这台手机上，别人拿不走，物业也拿不走。
trailsign-name = 我的见证名（字母，不空格，比如 witness.donghuyuan/wang）
trailsign-key-make = 做一把钥匙，留在这台手机里
trailsign-key-make-file = 做一把钥匙，存成文件
trailsign-key-from-file = 用我存着的钥匙文件
trailsign-key-mine = 我的公钥，报给管理员写进见证办法：
trailsign-key-mine-what = 换手机就做新钥匙，再请管理员改办法。
trailsign-h-log = 二、认准这本册子
trailsign-log-what = 册子的公钥请和纸上印的、居委会留的逐字对过，再点认准。
trailsign-log-add = 册子的公钥
trailsign-log-trust = 对过了，认准
trailsign-h-sign = 三、核对，签名
trailsign-file = 要签的文件，或者码的照片
trailsign-paste = 或者把要签的内容贴在这里
trailsign-sign = 签名
trailsign-done = 签好了。把下面一行交给居委会，或者贴到网页的“交回签好的一行”。
trailsign-line = 签好的一行
trailsign-copy = 复制
trailsign-save = 存成文件
trailsign-bad-key = 这不是公钥，或者抄漏了
trailsign-wrong-kind = 这是另一种公钥。这里要的是册子的公钥
trailsign-key-altered = 公钥抄错了，号码和钥匙对不上，请再抄一遍
trailsign-no-question = 这里面没有要签的东西。请打开居委会或物业给的“要签的文件”，或者扫那个码
trailsign-bad-name = 见证名不能空着，里面不能有空格和加号
trailsign-unknown-log = 还没认准册子“{ $name }”。请先在第二步把它的公钥对过、认准
trailsign-bad-signature = 册子的签名是坏的：内容被改过，不要签
trailsign-no-signature = 这上面没有册子“{ $name }”用您认准的那把钥匙签的名，不要签
trailsign-smaller = 您已经签到 { $last } 条，这张只有 { $size } 条，是旧的，不用签
trailsign-fork = 同样的条数，和您上次签的不一样：册子被换过。不要签。证据已经存成文件，请带给居委会和街道
trailsign-stale = 他们是从 { $old } 条接着证明的，可您上次签到 { $last } 条。请让他们重新给一份
trailsign-unproven = 证明不出这是您上次签的那本册子接着写的：可能被改过。不要签。两张已经存成文件，请带给居委会和街道
trailsign-entries = { $n } 条
trailsign-goes-on = 已核对：您上次签的 { $last } 条一条没动，后面是新写的
trailsign-first = 您第一次签这本册子，从这里起谁也改不了以前的
trailsign-no-key = 核对过了，没问题。先在第一步做好钥匙再签
trailsign-fits = 核对过了，可以签
trailsign-bad-key-file = 这不是存着的钥匙文件，或者坏了
trailsign-no-camera = 这个浏览器认不出照片里的码。请直接用手机相机扫，或者用文件
trailsign-no-code = 照片里没有码，或者看不清，请再拍一张
trailsign-old-browser = 这个浏览器太旧，或者是无痕窗口，签不了名。请换新一点的浏览器
trailsign-broken = 没做成，请再试一次

# 周五上墙的纸
witness-sheet = 打印上墙的纸
wallsheet-title = 本周检查点
wallsheet-week = { $year }年第 { $week } 周
wallsheet-size = { $n } 条
wallsheet-scan = 扫一扫，手机自己核对
wallsheet-entries = 到这一刻一共写下
wallsheet-entries-short = 条数
wallsheet-root = 指纹
wallsheet-short = 短码，念给别人听
wallsheet-state = 见证
wallsheet-unwitnessed = 还没见证
wallsheet-unwitnessed-means = 够数的见证人还没签，这张纸只有物业自己签过。不能说已见证。
wallsheet-who = 谁见证了
wallsheet-nobody = 还没定由谁见证。
wallsheet-name = 见证人
wallsheet-key = 钥匙的名字
wallsheet-when = 几时签的
wallsheet-done = 签没签
wallsheet-signed = 签了
wallsheet-waits = 还没签
wallsheet-rule = 委员里签够人数，再加街道或市平台一家，才算见证。物业自己签的不算。
wallsheet-can = 这张纸能保证
wallsheet-can-what = 这一刻以前写下的 { $n } 条，谁也改不了、抽不走，物业也不行。改了，下周就对不上。
wallsheet-cannot = 不能保证
wallsheet-cannot-what = 当初没写进来的，写的时候就写错的。手里有回执，拿回执来对。
wallsheet-three = 谁都能做三件事
wallsheet-first = 拍一张留着。下周再来，扫新纸，手机会说这两张对不对得上。
wallsheet-second = 拿收据、报修回执扫码，看那一条在不在册、变没变。
wallsheet-third = 对不上，找居委会。两张对不上的纸就是证据。
wallsheet-earlier = 前几周
wallsheet-day = 哪天
wallsheet-begins = 指纹开头
wallsheet-posted = 张贴：
wallsheet-compared = 核对：
