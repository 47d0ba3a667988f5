"""Images, tables, plots and artifacts. They are accepted and counted, but not kept."""

import collections
import contextlib
import os
import tempfile

from wandb._errors import Unsupported, need_server, termlog

_counts = collections.Counter()


def count(value):
    """Counts a value of `log` that is not a number."""
    if isinstance(value, (list, tuple)) and value and all(isinstance(item, Media) for item in value):
        for item in value:
            count(item)
    else:
        _counts[type(value).__name__ if isinstance(value, (Media, Artifact)) else "other value"] += 1


def tell():
    """Prints what was counted. Called once, at the end of the process."""
    if _counts:
        termlog("accepted, but kept nowhere: %s." % ", ".join("%d × %s" % (many, kind) for kind, many in sorted(_counts.items())))
        _counts.clear()


class Media:
    """The base class of values that W&B draws. Accepts any arguments."""

    def __init__(self, *args, **kwargs):
        pass

    @classmethod
    def _other(cls, *args, **kwargs):
        return cls()

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise Unsupported("wandb.%s.%s is not in the module that a sweep puts in the place of wandb." % (type(self).__name__, name))


class Image(Media):
    pass


class Audio(Media):
    pass


class Video(Media):
    pass


class Html(Media):
    pass


class Molecule(Media):
    from_file = from_smiles = from_rdkit = Media._other


class Object3D(Media):
    from_file = from_numpy = from_point_cloud = Media._other


class Plotly(Media):
    make_plot_media = Media._other


class Graph(Media):
    from_keras = Media._other


class Histogram(Media):
    pass


class Classes(Media):
    pass


class JoinedTable(Media):
    pass


class Plot(Media):
    pass


def box3d(*args, **kwargs):
    return {}


class Table(Media):
    """Rows and columns in memory."""

    def __init__(self, columns=None, data=None, rows=None, dataframe=None, *args, **kwargs):
        data = rows if data is None else data
        if dataframe is None and hasattr(data, "columns"):
            data, dataframe = None, data
        if dataframe is not None:
            columns, data = [str(name) for name in dataframe.columns], dataframe.values.tolist()
        self.data = [list(row) for row in ([] if data is None else data)]
        self.columns = list(columns) if columns is not None else (["Input", "Output", "Expected"] if not self.data
                                                                  else [str(index) for index in range(len(self.data[0]))])

    def add_data(self, *row):
        if len(row) != len(self.columns):
            raise ValueError("This table has %d columns: %s, but %d values were given." % (len(self.columns), self.columns, len(row)))
        self.data.append(list(row))

    def add_row(self, *row):
        self.add_data(*row)

    def add_column(self, name, data, optional=False):
        data = list(data)
        if self.data and len(data) != len(self.data):
            raise ValueError("The column '%s' has %d values, but the table has %d rows." % (name, len(data), len(self.data)))
        self.columns = self.columns + [name] if self.data else [name]
        self.data = [row + [value] for row, value in zip(self.data, data)] if self.data else [[value] for value in data]

    def get_column(self, name, convert_to=None):
        index = self.columns.index(name)
        column = [row[index] for row in self.data]
        if convert_to == "numpy":
            import numpy
            return numpy.array(column)
        return column

    def get_dataframe(self):
        import pandas
        return pandas.DataFrame(self.data, columns=self.columns)

    def iterrows(self):
        return enumerate(self.data)


def plot_table(*args, **kwargs):
    return Plot()


visualize = plot_table


class Artifact:
    """Files that W&B would upload."""

    def __init__(self, name="artifact", type="unspecified", description=None, metadata=None, **kwargs):
        self.name, self.type, self.description = name, type, description
        self.metadata = dict(metadata or {})
        self.aliases, self.tags, self.version, self.ttl = [], [], "v0", None

    def _accept(self, *args, **kwargs):
        return self

    add = add_file = add_dir = add_reference = wait = save = link = remove = _accept

    @contextlib.contextmanager
    def new_file(self, name, mode="w", encoding=None):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, os.path.basename(name)), mode, encoding=encoding) as file:
                yield file

    def download(self, *args, **kwargs):
        need_server("Artifact.download()", "Read the files from a path instead.")

    get = get_path = file = files = verify = checkout = download

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise Unsupported("wandb.Artifact.%s is not in the module that a sweep puts in the place of wandb." % name)


class ArtifactTTL:
    INHERIT = None


class AlertLevel:
    INFO, WARN, ERROR = "INFO", "WARN", "ERROR"


class Api:
    """W&B's query interface. Creating one raises Unsupported."""

    def __init__(self, *args, **kwargs):
        need_server("wandb.Api()", "The runs of a sweep are shown by: sweep top, sweep best, sweep export --runs FILE.")


def restore(name, *args, **kwargs):
    need_server("wandb.restore(%r)" % (name,), "Read the file from a path instead.")
