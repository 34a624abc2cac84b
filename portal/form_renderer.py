from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Forms of the portal are written by our own components; the admin keeps Django's."""

    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"
