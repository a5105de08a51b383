"""`python -m zhanggui` is the command `zhanggui`."""

from zhanggui.doors.commands.main import main

if __name__ == "__main__":
    main()
