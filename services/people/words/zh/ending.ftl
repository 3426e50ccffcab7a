# 停下一个人的工作之前
ending-relieve = 免去{ $name }的职务
follows-relieve = 这个职务在本小区立即结束
    经手过的事仍记在{ $name }名下
ending-release = { $name }离开本小区
follows-release = 不再派单给{ $name }，楼栋联系一并解除
    经手过的事仍记在{ $name }名下
ending-disable = 停用{ $name }的账号
follows-disable = { $name }立即退出，不能再登录
    不再派单给{ $name }；职务都留着
ending-forget = 抹去{ $name }的资料
follows-forget = { $name }的姓名和电话从所有记录里抹去，谁也看不到
    经手过的事只留下编号
ending-follows = 接下来会这样
ending-can-be-undone = 办完可以撤销
ending-for-good = 这件事不能撤销
ending-in-hand = 手上还有 { $n } 件，一并移交
ending-nothing-in-hand = 手上没有要移交的事
ending-choose = 请选一位
ending-nobody = 没有合适的人能接手，先安排一位
ending-sure = 我知道不能撤销
ending-leave = 不办，回去
done-relieve = 已免去{ $name }的职务：{ $capacity }
done-release = { $name }已离开本小区
done-forget = 资料已抹去
done-disable = 账号 { $username } 已停用
ending-undo = 撤销
people-known = 可能就是这些人
people-known-what = 同一个人只登记一次；是同一人就直接任职，经手的事才连得上
people-known-none = 现在没有职务
people-known-take = 就是此人，任职
people-known-join = 就是此人，加入服务队
people-another = 不是同一人，照样登记
people-forget = 抹去资料
people-past = 已不在岗的人
refused-not_sure = 先勾选「我知道不能撤销」
