"""Ten years of children looked after by cs-demand-model, from its own sample: `python looked_after.py DAYS_A_STEP`.

Run by `all.py` in an environment that holds cs-demand-model. The window that rates are taken from and the start of the
forecast are those of its command `demand-model predict`.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
logging.disable()

from cs_demand_model import Config, DemandModellingDataContainer, ModelPredictor, PopulationStats, fs_datastore  # noqa: E402
from dateutil.relativedelta import relativedelta  # noqa: E402

TEN_YEARS = 3652


def main() -> None:
    step = int(sys.argv[1])
    config = Config()
    data = DemandModellingDataContainer(fs_datastore("sample://v1.zip"), config)
    stats = PopulationStats(data.enriched_view, config)
    predictor = ModelPredictor.from_model(stats, data.end_date - relativedelta(months=6), data.end_date)
    start = time.process_time()
    forecast = predictor.predict(round(TEN_YEARS / step), step)
    seconds = time.process_time() - start
    print(json.dumps([seconds, float(forecast.iloc[-1].sum()), version("cs-demand-model")]))


if __name__ == "__main__":
    main()
