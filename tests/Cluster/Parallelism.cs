// A test waits most of its time for other processes: for a lease, for the membership, for an epoch. A second one uses the cores meanwhile.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
