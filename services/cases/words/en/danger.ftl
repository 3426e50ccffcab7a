# What says that somebody's life may be in danger: alternatives between "|"; "…" stands for a few words between two parts.
# It beats every other guess, so a phrase has to mean danger by itself. Chinese and English are both read in every language.
danger-FIRE = on fire|caught fire|catching fire|a fire|fire is|fire was|fire in|fire at|house fire|flames|smoke|burning smell|burnt smell|smell of burning|explosion|exploded|blew up
danger-GAS_SMELL = smell of gas|gas smell|smell gas|smells of gas|smelled gas|smelt gas|gas leak|gas is leaking|leaking gas|carbon monoxide
danger-LIFT_TRAPPED = trapped…lift|trapped…elevator|lift…trapped|elevator…trapped|stuck in…lift|stuck in…elevator
danger-ELECTRIC_SHOCK = electric shock|electrocuted|got a shock|electrical shock|sparks|sparking|live wire|wire…on the ground
danger-COLLAPSE = collapse|collapsed|collapsing|caved in|wall fell|wall…falling down
danger-FALLING_PARTS = falling tiles|tiles falling|tiles fell|falling glass|glass fell|window fell|falling object|falling objects|fell from…wall|about to fall|thrown from
danger-PERSON_IN_DANGER = drowning|drowned|unconscious|not breathing|passed out|fainted|heart attack|stroke|bleeding|seizure|choking|suicide|injured|fell into|trapped in…house|trapped in…room|trapped in…car|trapped in…water|trapped under|people trapped|with a knife
danger-not = fire extinguisher|fire door|fire alarm test|fire hydrant|fire exit|smoke detector|smoke alarm|no smoking|smoking area|spark plug|gas meter|gas company|stroke of
danger-denied = no|not|isn't|wasn't|never|without|if|in case|in case of|prevent|prevents|avoid|afraid of|risk of|could|might cause|nobody|no one|nothing
danger-denied-filler = a|any|the|is|was|has|been|there|one|on|sign|of|sign of|catch|more|anymore|cause|caused
danger-over-FIRE = put out|is out|was out|went out|extinguished
danger-over-GAS_SMELL = valve is shut|valve is closed|shut the valve|turned off the gas|turned it off
danger-over-LIFT_TRAPPED = rescued|freed|got out|are out|is out|let out
danger-over-ELECTRIC_SHOCK = -
danger-over-COLLAPSE = -
danger-over-FALLING_PARTS = made safe|cleared away|taken down
danger-over-PERSON_IN_DANGER = conscious again|woke up|came round|taken to hospital|rescued|freed
danger-over-not = not|not been|not yet|isn't|cannot be|can't|cannot
danger-practised = drill|false alarm|training|leaflet|insurance
danger-first-FIRE = Call 119 first; everybody down the stairs, nobody in the lift; then cut that floor's power.
danger-first-GAS_SMELL = No lights, no switches, no phone indoors; open windows, shut the valve, and call gas repair or 119 from outside.
danger-first-LIFT_TRAPPED = Call lift maintenance and 96333 (or 119) first; keep talking: no forcing the doors; somebody at each landing.
danger-first-ELECTRIC_SHOCK = Main switch off first; touch nobody with bare hands, lift the wire off with dry wood; call 120 and keep people away.
danger-first-COLLAPSE = Everybody away, tape it off, water, gas and power off; call 119, and 120 where somebody is hurt.
danger-first-FALLING_PARTS = Tape it off first so that nobody walks or drives below; call 120 where somebody is hurt; then have it made fast.
danger-first-PERSON_IN_DANGER = Call 120 first (in water, trapped or suicidal also 119 and 110); somebody close by stays with them; open gate and lane.
