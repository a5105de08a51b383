"""What shoppers say about what they bought, and what they ask about what they might buy.

Owns     shop_reviews_review, _vote, _report, _question, _answer, _setting, and the folder `review_pictures` in the home
         folder. A review counts in its product's rating exactly as long as it is published.
Tells    ReviewPublished, once per review, when it can be read for the first time.
Refuses  NotBought, AlreadyReviewed, WordsNotAllowed, RatingNotAllowed, PictureNotAllowed, NoSuchReview, NoSuchQuestion,
         NotYours, CannotBeAdded, AlreadyAnswered, NotDecidable.
"""
