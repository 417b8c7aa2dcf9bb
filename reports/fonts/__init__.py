"""Noto Sans SC (OFL.txt), cut down to GB 2312, 通用规范汉字表 and the marks of our forms; no hinting, no kerning.

TTF for resvg, woff2 of the same letters for the web pages. Rarer letters are drawn as a box."""
