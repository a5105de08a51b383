"""Ways into a shop and the channel of each, for both callers of the one rule: sightings and the storefront."""

from __future__ import annotations

from typing import Final

# The query of the landing page, the page before, and the channel; empty for a step inside the shop.
ARRIVALS: Final = [
    ("", "", "direct"),
    ("", "https://www.google.co.uk/", "organic_search"),
    ("", "https://m.baidu.com/s?wd=x", "organic_search"),
    ("", "https://weibo.com/u/1", "organic_social"),
    ("", "https://mp.weixin.qq.com/s/x", "organic_social"),
    ("", "https://blog.example/post", "referral"),
    ("", "https://notbaidu.example/", "referral"),
    ("", "https://shop.example/p/1", ""),
    ("", "https://www.shop.example/p/1", ""),
    ("gclid=1", "https://www.google.com/", "paid_search"),
    ("bd_vid=1", "", "paid_search"),
    ("fbclid=1", "https://facebook.com/", "organic_social"),
    ("ttclid=1", "", "paid_social"),
    ("utm_source=newsletter&utm_medium=email", "https://mail.example/", "email"),
    ("utm_source=baidu&utm_medium=cpc", "", "paid_search"),
    ("utm_source=douyin&utm_medium=cpc", "", "paid_social"),
    ("utm_source=xiaohongshu&utm_medium=kol", "", "organic_social"),
    ("utm_source=partner&utm_medium=cps", "", "affiliate"),
    ("utm_source=site&utm_medium=cpm", "", "display"),
    ("utm_source=crm&utm_medium=sms", "", "sms"),
    ("utm_source=app&utm_medium=push", "", "push"),
    ("utm_source=google", "", "organic_search"),
    ("utm_source=something", "", "referral"),
    ("utm_source=baidu&utm_medium=cpc&gclid=1&fbclid=2", "https://weibo.com", "paid_search"),
    ("", "https://so.example.org/tea", "referral"),
    ("", "https://t.me/tea", "organic_social"),
    ("", "https://blog.t.example.org/tea", "referral"),
    ("", "https://m.so.com/", "organic_search"),
    ("", "https://[broken", "direct"),
    ("clickid=1", "", "paid_social"),
    ("utm_source=poster", "", "referral"),
    ("utm_source=site&utm_medium=display", "", "display"),
    ("utm_medium=%20email%20", "", "email"),
    ("utm_source=%20", "https://weibo.com/", "organic_social"),
    ("utm_campaign=double11", "", "direct"),
]
