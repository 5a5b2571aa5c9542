"""The few-shot algorithms by name: a file each, and a line here."""

from core.methods.few_shot.objectives.anil import Anil
from core.methods.few_shot.objectives.base import Objective
from core.methods.few_shot.objectives.first_order import FirstOrder
from core.methods.few_shot.objectives.maml import Maml
from core.methods.few_shot.objectives.protonet import ProtoNet
from core.methods.few_shot.objectives.reptile import Reptile
from core.methods.few_shot.objectives.supervised import Supervised

OBJECTIVES: dict[str, type[Objective]] = {
    "maml": Maml,
    "first-order": FirstOrder,
    "anil": Anil,
    "reptile": Reptile,
    "protonet": ProtoNet,
    "supervised": Supervised,
}
