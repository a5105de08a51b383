"""Boards: the numbers that an operator wants to see together, and their way by mail.

Owns     insight_boards_board, _tile, _start (whose first page a board is), _subscription (who gets it by mail, when)
         and _mailing: what was mailed, once for each person and day.
Ports    `ports.writers`, who writes a board as a letter.
Tells    insight.board_made, board_shared, board_closed, board_forgotten, board_mail_ordered, board_mail_stopped,
         board_mailed.
Refuses  NoSuchBoard, NoSuchTile, NameUnfit, NameTaken, BoardFull, BoardChanged, TileUnfit, ScheduleUnfit, NotYours.
Mind     a tile keeps what the address of its page asks, without shop and days: those are the board's. What the words of
         an address mean is known by the page that reads them. Whoever sees a board that is shared may change it; each
         change is small and finds its tile by its id, so that two at the same time lose nothing.
"""
