"""What a search looks at."""

from projections.search.case_words import CASE_WORDS

VIEWS = (CASE_WORDS,)
