coarseness-exact = Nothing left open
coarseness-kind = Kind of stream and day alone
coarseness-all = The month alone
