"""Optuna with PyTorch: two worker processes on one journal file, successive halving, the configurations given.

Usage: race_optuna.py DATA CONFIGURATIONS.json SECONDS TARGET, or --probe. RACE_FOLDER holds the journal. Prints the validation accuracy of every
epoch when it is done. TARGET is not used: like the product, it trains until the configurations are used up or SECONDS are over.
"""

import json
import os
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import multiprocessing

import optuna
import torch
from torch import nn

import race_network

EPOCHS = 9
ACTIVATIONS = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}
SPACE = {
    "hidden_layers": optuna.distributions.CategoricalDistribution([3, 4, 5]),
    "hidden_size": optuna.distributions.CategoricalDistribution([32, 64, 128]),
    "activation": optuna.distributions.CategoricalDistribution(["sigmoid", "tanh", "relu"]),
    "optimizer": optuna.distributions.CategoricalDistribution(["sgd", "momentum", "nesterov", "rmsprop", "adam", "nadam"]),
    "learning_rate": optuna.distributions.FloatDistribution(0.0003, 0.01, log=True),
    "batch_size": optuna.distributions.CategoricalDistribution([16, 32, 64]),
}


def optimizer(name, parameters, rate):
    return {
        "sgd": lambda: torch.optim.SGD(parameters, rate),
        "momentum": lambda: torch.optim.SGD(parameters, rate, momentum=0.9),
        "nesterov": lambda: torch.optim.SGD(parameters, rate, momentum=0.9, nesterov=True),
        "rmsprop": lambda: torch.optim.RMSprop(parameters, rate, alpha=0.9),
        "adam": lambda: torch.optim.Adam(parameters, rate),
        "nadam": lambda: torch.optim.NAdam(parameters, rate),
    }[name]()


def network(c):
    layers, width = [], 784
    for _ in range(c["hidden_layers"]):
        layers += [nn.Linear(width, c["hidden_size"]), ACTIVATIONS[c["activation"]]()]
        width = c["hidden_size"]
    net = nn.Sequential(*layers, nn.Linear(width, 10))
    for layer in net:
        if isinstance(layer, nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    return net


def work(folder, journal, end, lock):
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    train_x, train_y, val_x, val_y = (torch.from_numpy(array) for array in race_network.read(folder))
    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(journal))
    study = optuna.load_study(study_name="race", storage=storage, sampler=optuna.samplers.RandomSampler(),
                              pruner=optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3))
    while time.time() < end and study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.WAITING,)):
        trial = study.ask(SPACE)
        c = trial.params
        net = network(c)
        step, loss_of = optimizer(c["optimizer"], net.parameters(), c["learning_rate"]), nn.CrossEntropyLoss()
        pruned = False
        for epoch in range(1, EPOCHS + 1):
            order = torch.randperm(len(train_x))
            for start in range(0, len(order), c["batch_size"]):
                take = order[start:start + c["batch_size"]]
                step.zero_grad(set_to_none=True)
                loss_of(net(train_x[take]), train_y[take]).backward()
                step.step()
            with torch.no_grad():
                accuracy = sum((net(val_x[at:at + 500]).argmax(1) == val_y[at:at + 500]).sum().item() for at in range(0, len(val_x), 500)) / len(val_x)
            with lock:
                print(accuracy, flush=True)
            trial.report(accuracy, epoch)
            if trial.should_prune() or time.time() >= end:
                pruned = True
                break
        study.tell(trial, None if pruned else accuracy, state=optuna.trial.TrialState.PRUNED if pruned else optuna.trial.TrialState.COMPLETE)


def main():
    if sys.argv[1] == "--probe":
        return
    folder, configurations, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    journal = os.path.join(os.environ["RACE_FOLDER"], "journal.log")
    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(journal))
    study = optuna.create_study(study_name="race", storage=storage, direction="maximize")
    with open(configurations) as file:
        for configuration in json.load(file):
            study.enqueue_trial(configuration)
    lock = multiprocessing.Lock()
    workers = [multiprocessing.Process(target=work, args=(folder, journal, time.time() + seconds, lock)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    os.remove(journal)


main()
