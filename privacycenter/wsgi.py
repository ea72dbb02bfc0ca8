"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privacycenter.settings")

application = get_wsgi_application()

# What is loaded by now stays, so garbage collection need not scan it again, nor run after every few hundred new
# objects: a batch of a thousand events makes tens of thousands.
gc.freeze()
gc.set_threshold(20_000, 20, 50)
