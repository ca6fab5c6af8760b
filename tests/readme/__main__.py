"""Writes what the README shows anew: ``python -m tests.readme [PICTURE ..]`` (all pictures, without a name)."""

import sys

from tests.lemmas import write_verdicts
from tests.readme.pictures import PICTURES, ROOT, draw
from tests.readme.transcripts import refreshed

readme = ROOT / "README.md"
new, _ = refreshed(readme.read_text(encoding="utf-8"))
readme.write_text(new, encoding="utf-8")
write_verdicts.write()
for picture in PICTURES:
    if not sys.argv[1:] or picture.name in sys.argv[1:]:
        draw(picture)
        print(f"{picture.path.relative_to(ROOT)}: {picture.path.stat().st_size // 1000} kB")
