from synapse_steps import BaseStep

import a_package_that_nobody_has


class TrainStep(BaseStep):
    name = "train"
