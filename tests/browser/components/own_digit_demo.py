"""The recorded run laid out by PCA, and a digit of one's own to land in it."""

from pages.parts.components.scatter_film.scatter_film import ScatterFrames, scatter_film
from pages.parts.embeddings.own_digit import own_digit
from pages.parts.embeddings.recording import recorded_run
from pages.parts.embeddings.tracked_digits import tracked_digits

recording = recorded_run()
film = ScatterFrames(
    recording.layouts["PCA"], recording.labels, pictures=tracked_digits(), palette=["#4269d0"] * 10
)
scatter_film(film, key="own", alt="Digits", layout="PCA", height=400)
own_digit("own")
