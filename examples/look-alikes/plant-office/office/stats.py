"""Statistics: GLM here are generalised linear models."""

import numpy as np
import statsmodels.api as sm
import statsmodels.formula.api as smf
from sklearn.svm import SVC

SEED = 42
rng = np.random.default_rng(seed=SEED)
glm = sm.GLM(rng.poisson(3, 100), rng.normal(size=(100, 2)), family=sm.families.Poisson())
model = "glm-poisson-2"
fit = smf.glm("count ~ yi + phi", data={"count": [1], "yi": [2], "phi": [3]})
phi = 1.618
yi, xi = 1.0, 2.0
step = 0.1
step_name = "step-3-5"
kernel = SVC(kernel="rbf", random_state=SEED)
sampler = {"seed": 7, "phi": 0.4, "step": 2}
run_label = "seed-7-step-2-phi-0.4"
