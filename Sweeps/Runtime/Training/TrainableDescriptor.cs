using Engine.Data;
using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Files;
using Sweeps.Programs;
using Sweeps.Training.Networks;

namespace Sweeps.Training;

/// <summary>
/// One kind of trainable. It reads its keys of a sweep file, checks the file, describes itself and creates the <see cref="ITrainable"/>. A new kind is
/// one file with its spec, descriptor and trainable, and one entry in <see cref="TrainableFactory.All"/>.
/// </summary>
public abstract class TrainableDescriptor
{
    /// <summary>The value of <c>trainable</c> in a sweep file: <c>network</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The top-level key that names what is trained: <c>dataset</c>. In a file without <c>trainable</c> it selects this kind.</summary>
    public abstract string Key { get; }

    /// <summary>Every top-level key that only this kind reads.</summary>
    public virtual IReadOnlyList<string> Keys => [Key];

    /// <summary>Whether the value of <c>trainable</c> may also name what is trained: <c>dotnet:FILE#Type</c>.</summary>
    public virtual bool SelectedByPrefix => false;

    /// <summary>
    /// Whether a run trains until the trainable, the top-level <c>epochs</c> or a rule ends it. No parameter then determines the number of epochs. Default:
    /// false.
    /// </summary>
    public virtual bool OpenEnded => false;

    /// <summary>The metrics that the trainable can report; null if they depend on its data.</summary>
    public virtual IReadOnlyList<string>? Metrics => null;

    /// <summary>Returns the parameter whose value is the number of the run from whose best weights a run starts, or null.</summary>
    public virtual string? SourceParameter(SearchSpace space) => null;

    /// <summary>Whether a spec is of this kind.</summary>
    public abstract bool Matches(TrainableSpec spec);

    /// <summary>Whether a file without <c>trainable</c> is of this kind; <paramref name="stored"/> is true for a text from a log.</summary>
    internal virtual bool SelectedBy(Section top, bool stored) => top.Has(Key);

    /// <summary>Reads <see cref="Keys"/> of a file of a <paramref name="format"/>; returns null after a reported mistake.</summary>
    internal abstract TrainableSpec? Read(Section top, int format);

    /// <summary>The objective of a sweep file without <c>metric</c>.</summary>
    public abstract Objective DefaultObjective(TrainableSpec spec);

    /// <summary>Returns the reported name of a metric for another name that a sweep file may use; an unknown name is returned unchanged.</summary>
    public virtual string CanonicalMetric(string name) => name;

    /// <summary>Whether the trainable can report a metric of this name.</summary>
    public virtual bool HasMetric(string name) => Metrics?.Contains(name) ?? true;

    /// <summary>The usual goal of a metric; null if it is unknown. A sweep file with another goal gets a warning.</summary>
    public virtual Goal? UsualGoal(string metric) => null;

    /// <summary>Reports the mistakes that the trainable finds in a file, before the sweep is created.</summary>
    internal abstract void Check(SweepFile file, Diagnostics diagnostics);

    /// <summary>Describes what is trained, for <c>sweep check</c>: <c>networks on mnist</c>.</summary>
    public abstract string Describe(TrainableSpec spec);

    /// <summary>Creates the trainable; see <see cref="TrainableFactory.Make"/>.</summary>
    public abstract ITrainable Make(SweepSpec spec, Func<string, Dataset> load, Func<string, string> find, TimeProvider time);
}

/// <summary>The kinds of trainables that a sweep file can name.</summary>
public static class TrainableFactory
{
    /// <summary>Every kind; the first is the default.</summary>
    public static IReadOnlyList<TrainableDescriptor> All { get; } = [new NetworkDescriptor(), new TableDescriptor(), new FunctionDescriptor(), new ProgramDescriptor(), new DotnetDescriptor()];

    /// <summary>Creates the trainable of a sweep.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="load">Loads a data set by name. Its exceptions are not caught.</param>
    /// <param name="find">Converts the path of a table in the sweep file to the path of an existing file. Its exceptions are not caught.</param>
    /// <param name="time">The clock of the trainable.</param>
    /// <exception cref="ConfigurationException">The sweep names something unknown, such as a function or a metric.</exception>
    /// <exception cref="InvalidDataException">A table cannot be read.</exception>
    public static ITrainable Make(SweepSpec spec, Func<string, Dataset> load, Func<string, string> find, TimeProvider time) =>
        All.First(kind => kind.Matches(spec.Trainable)).Make(spec, load, find, time);
}
