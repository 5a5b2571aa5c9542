"""The recorded run laid out by PCA, and a digit of one's own to land in it."""

from pages.parts.embedding_recording import recorded_run
from pages.parts.own_digit import own_digit
from pages.parts.scatter_film import PointFilm, scatter_film
from pages.parts.watched_digits import watched_digits

recording = recorded_run()
film = PointFilm(
    recording.layouts["PCA"], recording.labels, pictures=watched_digits(), palette=["#4269d0"] * 10
)
scatter_film(film, key="own", alt="Digits", layout="PCA", height=400)
own_digit("own")
