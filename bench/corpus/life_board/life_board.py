"""Conway's game of life on a board without wrap-around."""


def alive(board, y, x):
    if y < 0 or y >= len(board):
        return False
    if x < 0 or x >= len(board[y]):
        return False
    return board[y][x] == 1


def count_neighbours(board, y, x):
    count = 0
    for dy in [-1, 0, 1]:
        for dx in [-1, 0, 1]:
            if dy == 0 and dx == 0:
                continue
            if alive(board, y + dy, x + dx):
                count += 1
    return count


# sigil: improve
def play(board, generations):
    """The board after some generations, and after how many it began to repeat (None if it did not)."""
    history = [board]
    repeats = None
    for generation in range(generations):
        new_board = []
        for y in range(len(board)):
            new_row = []
            for x in range(len(board[y])):
                n = count_neighbours(board, y, x)
                if board[y][x] == 1 and n in [2, 3]:
                    new_row = new_row + [1]
                elif board[y][x] == 0 and n == 3:
                    new_row = new_row + [1]
                else:
                    new_row = new_row + [0]
            new_board.append(new_row)
        board = new_board
        if repeats is None:
            for old in history:
                if old == board:
                    repeats = generation + 1
        history.append(board)
    population = 0
    for row in board:
        for cell in row:
            population += cell
    return {"board": board, "repeats": repeats, "population": population}
