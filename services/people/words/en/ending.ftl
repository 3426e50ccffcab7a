# Before somebody's work ends
ending-relieve = Relieve { $name }
follows-relieve = The post ends at once in this estate
    What { $name } did stays on record under that name
ending-release = { $name } leaves the estate
follows-release = Nothing more is dispatched to { $name }; links to buildings end too
    What { $name } did stays on record under that name
ending-disable = Disable the account of { $name }
follows-disable = { $name } is signed out at once and cannot sign in
    Nothing more is dispatched to { $name }; all posts stay
ending-forget = Erase the data of { $name }
follows-forget = Name and phone of { $name } are erased from every record, for everybody
    Of what was done only numbers stay
ending-follows = What follows
ending-can-be-undone = It can be undone afterwards
ending-for-good = This cannot be undone
ending-in-hand = Still in hand: { $n }; handed over in the same act
ending-nothing-in-hand = Nothing in hand that has to be handed over
ending-choose = Choose somebody
ending-nobody = Nobody fits; find somebody first
ending-sure = I know that this cannot be undone
ending-leave = Leave it as it is
done-relieve = { $name } is relieved: { $capacity }
done-release = { $name } has left the estate
done-forget = The data are erased
done-disable = Account { $username } is disabled
ending-undo = Undo
people-known = Perhaps one of these
people-known-what = People are registered once: if it is the same person, give the post here, and the record stays whole
people-known-none = No post at present
people-known-take = That is the one, give the post
people-known-join = That is the one, join the squad
people-another = Somebody else, register anyway
people-forget = Erase data
people-past = No longer in a post
refused-not_sure = Tick that you know it cannot be undone
