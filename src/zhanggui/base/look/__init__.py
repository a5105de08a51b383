"""How everything looks: colours and sizes, words' and figures' forms, icons; shared by the shop and the console.

Owns   static/look (tokens.css, base.css, theme.js), the template tags `formats`, and the remembered theme.
Tells  nothing.
"""
