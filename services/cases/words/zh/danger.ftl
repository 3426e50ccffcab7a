# What says that somebody's life may be in danger: alternatives between "|"; "…" stands for a few signs between two parts.
# It beats every other guess, so a phrase has to mean danger by itself. Chinese and English are both read in every language.
danger-FIRE = 着火|起火|失火|火灾|火情|明火|火苗|冒火光|冒出火|大火|救火|火已|火没|火还|火越|冒烟|冒…烟|还有…烟|黑烟|浓烟|烧起来|烧着了|着起来|燃起来|复燃|爆炸|爆燃|烧焦|焦味|糊味|电箱烧|电表箱烧|插座烧|电线烧|线路烧
danger-GAS_SMELL = 煤气…味|燃气…味|天然气…味|液化气…味|瓦斯…味|煤气…漏|燃气…漏|天然气…漏|液化气…漏|煤气罐…漏|瓦斯…漏|漏煤气|漏燃气|漏天然气|漏液化气|泄漏…燃气|煤气中毒|一氧化碳
danger-LIFT_TRAPPED = 困人|电梯…困|困…电梯|梯…困住|电梯…关…人|电梯…关住|关在…电梯|电梯…出不来|卡在…电梯|电梯…卡…人|轿厢…人|电梯…里面…有人
danger-ELECTRIC_SHOCK = 触电|电击|被电到|被电了|电到人|电着人|电了一下|电晕|火花|火星|漏到电|电箱进水|水…进电箱|电线…带电|水…带电|门…带电|栏杆…带电|电线…断…地
danger-COLLAPSE = 坍塌|倒塌|垮塌|塌了|塌下来|要塌|快塌|塌陷|塌方|墙…倒了|墙…要倒|楼板…断
danger-FALLING_PARTS = 高空坠物|高空抛物|坠物|外墙…掉|外墙…脱落|外墙…坠|窗…掉下|窗…要掉|窗…坠|玻璃…掉下|玻璃…砸|幕墙…掉|广告牌…掉|广告牌…要掉|空调外机…掉|空调外机…坠|花盆…掉下|花盆…砸|水泥块…掉|砖…掉下|砖…砸|砸到|砸中|砸伤|砸下来|摇摇欲坠
danger-PERSON_IN_DANGER = 溺水|落水|掉…水里|掉进|掉下去…人|晕倒|晕过去|昏倒|昏迷|昏过去|不省人事|叫不醒|喊不醒|没呼吸|没有呼吸|没气了|断气|抽搐|口吐白沫|倒在地|倒地不起|躺在地上…不动|大出血|流…血|受伤|跳楼|轻生|自杀|自残|割腕|持刀|拿刀|砍人|心梗|心脏病|中风|噎住|夹住…人|夹住…手|夹住…脚|人…夹住|被困|困住了|困在|反锁…孩|孩…反锁|中毒|溺|救命|摔…起不来|坠楼|掉下楼|从楼上掉|手…卡|卡…手|头…卡|卡…头
# blanked out before anything is looked for
danger-not = 打不着火|点不着火|打着火|点着火|手机卡|手卡丢|门卡|卡手续|灭火器|消防栓|消防通道|防火门|火灾报警器|火灾保险|烟雾报警器|烟感|燃气表|煤气表|燃气公司|充电到|火花塞|烧着水|烧着饭|烧着香|车被困|车困住|车困在|受伤流浪|血压|出血压|流血压|献血|水管爆炸|轮胎爆炸|食物中毒讲座|急救培训|急救知识
# before a phrase: it did not happen, or has not
danger-denied = 没|没有|未|并未|不是|并非|无|并无|不会|不至于|没人|没有人|无人|防|防止|防范|预防|以免|避免|免得|怕|担心|小心|谨防|禁止|严禁|容易|万一|要是|如果|一旦|假如|曾|曾经|以前|去年|上次
# between such a word and the phrase
danger-denied-filler = 真的|真|再次|发生|出现|造成|引起|导致|引发|再|有|人|人员|人员的|什么|任何|看到|看见|闻到|过|又|被|给|着
# after a phrase: it is over, and somebody still has to go and look; "-" where nothing makes it so
danger-over-FIRE = 扑灭|熄灭|浇灭|火灭|火都灭|火已灭|火被灭|已灭|已经灭|灭掉了|自己灭了
danger-over-GAS_SMELL = 关了阀|阀门关了|阀门已关|阀已关|已关阀|味散了|味道散了|没味了|没味道了
danger-over-LIFT_TRAPPED = 救出|放出来|出来了|解困|脱险
danger-over-ELECTRIC_SHOCK = -
danger-over-COLLAPSE = -
danger-over-FALLING_PARTS = 拆下来了|固定好|清理完了|已清理
danger-over-PERSON_IN_DANGER = 醒了|醒过来|缓过来|救出|放出来|人出来了|解困|脱险|送医|送去医院|送到医院|救护车接走
# before such a word: it is not over
danger-over-not = 没|没有|未|不|别|快|不让|灯|灯都|怎么|叫不|喊不
# wherever it stands: nothing happened
danger-practised = 演练|演习|误报|虚惊|讲座|宣传|培训|保险|隐患排查
danger-first-FIRE = 先打 119，喊人走楼梯下楼，别坐电梯；再断那一层的电。
danger-first-GAS_SMELL = 别开灯、别开关电器、别在屋里打电话；开窗关阀，人到外面再打燃气抢修或 119。
danger-first-LIFT_TRAPPED = 先打维保和 96333（或 119），对讲安抚：别扒门、别蹦跳；派人守住各层门口。
danger-first-ELECTRIC_SHOCK = 先断总闸，别用手拉人，用干木棍挑开电线；打 120，围住那里不让人走近。
danger-first-COLLAPSE = 人先撤开，拉警戒线，断水断气断电；打 119，有人受伤打 120。
danger-first-FALLING_PARTS = 先拉警戒线，不让人和车从下面走；有人受伤打 120，再找人固定。
danger-first-PERSON_IN_DANGER = 先打 120（落水、被困、轻生再打 119 和 110），叫最近的人过去守着，开好门和车道。
danger-first-OTHER = 先保人：喊人撤开、拉警戒线，拿不准就打 110、119、120。
